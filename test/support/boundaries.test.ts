import { ESLint } from 'eslint'
import { describe, expect, test } from 'vitest'

// Without types: only imports are looked at, and files need not exist.
const eslint = new ESLint({
  overrideConfig: {
    languageOptions: { parserOptions: { projectService: false, project: null, program: null } },
    rules: {},
  },
  ruleFilter: ({ ruleId }) => ruleId.startsWith('no-restricted-'),
})

const refusals = async (filePath: string, line: string) => {
  const [result] = await eslint.lintText(`${line}\n`, { filePath })
  return result?.messages.map((message) => message.message) ?? []
}

describe('import boundaries', () => {
  test.each([
    ['packages/core/src/x.ts', `import '@auzolan/trust'`],
    ['packages/core/src/x.ts', `import { sha256 } from '@noble/hashes/sha2.js'`],
    ['packages/core/src/x.ts', `import 'node:fs'`],
    ['packages/core/src/x.test.ts', `import '@auzolan/peer'`],
    ['packages/trust/src/x.ts', `import '@auzolan/storage'`],
    ['packages/storage/src/x.ts', `export * from '@auzolan/network'`],
    ['packages/storage/src/x.ts', `export const x = import('@auzolan/network/browser')`],
    ['packages/network/src/x.ts', `import '@auzolan/storage/node'`],
    ['packages/network/src/x.ts', `import '@auzolan/peer'`],
    ['packages/network/src/x.ts', `import '../../trust/src/entry.ts'`],
    ['packages/peer/src/x.ts', `import '../../../src/words/refusals.ts'`],
    ['packages/peer/src/x.ts', `import 'libp2p'`],
    ['packages/peer/src/x.ts', `import '@libp2p/crypto/keys'`],
    ['packages/peer/src/x.ts', `import '@automerge/automerge'`],
    ['packages/peer/src/documents/other.ts', `export const a = import('@automerge/automerge/slim')`],
    ['src/state/x.ts', `import '@auzolan/storage'`],
    ['src/views/X.svelte', `<script lang="ts">import '@auzolan/network'</script>`],
    ['src/x.ts', `import '../packages/peer/src/peer.ts'`],
  ])('%s may not have: %s', async (file, line) => {
    expect(await refusals(file, line)).not.toEqual([])
  })

  test.each([
    ['packages/core/src/x.ts', `import './ids.ts'`],
    ['packages/core/src/x.test.ts', `import 'fast-check'`],
    ['packages/trust/src/x.ts', `import '@auzolan/core'`],
    ['packages/network/src/x.ts', `import 'libp2p'`],
    ['packages/peer/src/sync/x.ts', `import '../storage/rows.ts'; import '@auzolan/network/node'`],
    ['packages/peer/src/documents/engine.ts', `import '@automerge/automerge'`],
    ['packages/peer/src/documents/hostile.test.ts', `import '@automerge/automerge'`],
    ['src/state/x.ts', `import '@auzolan/peer/browser'; import '@auzolan/core'`],
    ['test/simulation/x.test.ts', `import '@auzolan/storage'; import '@automerge/automerge'`],
  ])('%s may have: %s', async (file, line) => {
    expect(await refusals(file, line)).toEqual([])
  })
})
