import { openIndexedDbStore } from '@auzolan/storage/browser'

addEventListener('message', ({ data }: MessageEvent<string>) => {
  void writeAndRead(data).then(postMessage)
})

const writeAndRead = async (name: string): Promise<number[]> => {
  const store = await openIndexedDbStore(name)
  await store.write([{ do: 'put', key: ['worker', 1], value: Uint8Array.of(1, 2, 3) }], { durability: 'strict' })
  const found = await store.get(['worker', 1])
  await store.close()
  return [...(found ?? [])]
}
