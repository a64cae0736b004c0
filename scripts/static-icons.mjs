/** Where each icon of `@lucide/svelte` lies. */
const ICON_FILE = /\/@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/
const PLAIN = /^[\w .,:;#%()+-]*$/

/**
 * @param {string} value
 * @param {string} id
 */
const plain = (value, id) => {
  if (!PLAIN.test(value)) throw new Error(`${id} has an attribute that is not plain: ${value}`)
  return value
}

/**
 * Turns each icon into the fixed SVG it draws. As published, an icon is put together from its data whenever one is drawn, which took more
 * than half of the time of drawing a list (measured, Chromium on two cores). Knows `size`, `strokeWidth` and `class`; an icon is always
 * hidden from screen readers here, so words stand beside it or label what holds it.
 * @returns {import('vite').Plugin}
 */
export const staticIcons = () => ({
  name: 'auzolan-static-icons',
  enforce: 'pre',
  transform: (code, id) => {
    if (!ICON_FILE.test(id)) return undefined
    const data = /const iconData = (\{.*\});/.exec(code)?.[1]
    if (!data) throw new Error(`${id} is not written as icons were: change scripts/static-icons.mjs, or leave it out`)
    /** @type {{ node: readonly (readonly [tag: string, attributes: Record<string, string | number>])[] }} */
    const { node } = JSON.parse(data)
    const drawing = node.map(([tag, attributes]) => {
      const written = Object.entries(attributes).map(
        ([name, value]) => ` ${plain(name, id)}="${plain(`${value}`, id)}"`,
      )
      return `<${plain(tag, id)}${written.join('')} />`
    })
    return {
      code: `<script>
  const { size = 24, strokeWidth = 2, class: look = '' } = $props()
</script>

<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round"
  stroke-linejoin="round" aria-hidden="true" class={['lucide', look]} width={size} height={size} stroke-width={strokeWidth}>${drawing.join('')}</svg>
`,
      map: null,
    }
  },
})
