/** Makes a text area as tall as `text` needs. Browsers that size fields by themselves get the same height. */
export const growTo = (area: HTMLTextAreaElement, text: string): void => {
  if (area.value !== text) area.value = text
  area.style.height = 'auto'
  area.style.height = `${area.scrollHeight + 2}px`
}
