import { svelte } from '@sveltejs/vite-plugin-svelte'
import { createServer } from 'vite'
import { pagesPort, root } from './setup.mjs'

/** Serves `/test/browser/*.html`, pages for tests of single modules in a real browser. */
const server = await createServer({
  root,
  configFile: false,
  appType: 'mpa',
  logLevel: 'warn',
  cacheDir: '.cache/pages',
  plugins: [
    svelte(),
    {
      name: 'ready',
      configureServer: ({ middlewares }) => {
        middlewares.use('/', (request, response, next) => (request.url === '/' ? response.end('ready') : next()))
      },
    },
  ],
  // Everything is found before the first page opens: a dependency met later reloads the page in the middle of a test.
  optimizeDeps: { entries: ['test/browser/**/*.html', 'packages/*/src/browser.ts'] },
  worker: { format: 'es' },
  server: { port: pagesPort, strictPort: true, watch: null, hmr: false },
})
await server.listen()
const stop = () => void server.close().then(() => process.exit(0))
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
