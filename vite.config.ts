import { webrtcDialRacePatch } from './packages/network/src/vite-plugin.ts'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import tailwind from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { staticIcons } from './scripts/static-icons.mjs'

/** Largest file kept for offline use, in bytes: the document engine's wasm (about 3 MB) with room to grow. */
const LARGEST_OFFLINE_FILE = 8 * 1024 * 1024

/** Files of translations kept for offline use, the least lately used going first: four languages of twelve files, with those of an older version. */
const LOCALE_FILES = 100

export default defineConfig({
  base: './',
  plugins: [
    webrtcDialRacePatch({ required: true }),
    tailwind(),
    staticIcons(),
    svelte(),
    VitePWA({
      registerType: 'prompt',
      // The app registers the worker itself: an injected inline script would break the content security policy.
      injectRegister: false,
      manifest: {
        id: '/',
        name: 'Auzolan',
        short_name: 'Auzolan',
        description:
          'Get things done with your neighbours. Nothing leaves your devices but to the people in your group.',
        start_url: '.',
        display: 'standalone',
        background_color: '#FBF7EF',
        theme_color: '#1F5F4A',
        icons: [
          { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{js,css,html,svg,png,woff2,wasm}'],
        // Nobody downloads languages that nobody here speaks: each is kept once it was asked for.
        globIgnores: ['**/locale-*.js'],
        maximumFileSizeToCacheInBytes: LARGEST_OFFLINE_FILE,
        navigateFallback: 'index.html',
        cleanupOutdatedCaches: true,
        runtimeCaching: [
          {
            urlPattern: /\/locale-.*\.js$/,
            handler: 'CacheFirst',
            options: { cacheName: 'locales', expiration: { maxEntries: LOCALE_FILES } },
          },
        ],
      },
    }),
  ],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // A data: URL font or image would need a looser policy than 'self'.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'svelte', test: /\/node_modules\/svelte\//, priority: 1 },
            // Each alone is smaller than what asking for it costs: the list used to wait for twenty of them.
            // What one part alone draws stays in that part.
            { name: 'icons', test: /\/@lucide\/svelte\//, minShareCount: 2 },
          ],
        },
        chunkFileNames: ({ moduleIds }) =>
          moduleIds.some((id) => /\/words\/locales\//.test(id))
            ? 'assets/locale-[name]-[hash].js'
            : 'assets/[name]-[hash].js',
      },
    },
  },
})
