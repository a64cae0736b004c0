import type { Locator, Page } from '@playwright/test'

/** Side of the picture, in px: what phones give a page without being asked for more. */
const SIDE = 640

declare global {
  interface Window {
    /** What the camera looks at. */
    cameraSees?: ImageBitmap
  }
}

/** Gives a page a camera, from its next load on. */
export const giveCamera = (page: Page): Promise<unknown> =>
  page.addInitScript((side) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = side
    const context = canvas.getContext('2d')
    // A stream of a canvas has a new frame only where something was drawn.
    const paint = () => {
      if (!context) return
      context.fillStyle = '#888'
      context.fillRect(0, 0, side, side)
      if (window.cameraSees) context.drawImage(window.cameraSees, 20, 20, side - 40, side - 40)
    }
    setInterval(paint, 40)
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(25)
  }, SIDE)

/** Holds a picture before the camera. */
export const holdUp = (page: Page, picture: Uint8Array): Promise<void> =>
  page.evaluate(
    async (bytes) => {
      window.cameraSees = await createImageBitmap(new Blob([Uint8Array.from(bytes)]))
    },
    [...picture],
  )

/** Takes away what was before the camera. */
export const takeAway = (page: Page): Promise<void> => page.evaluate(() => void delete window.cameraSees)

/** Holds what is on another screen before the camera. */
export const holdUpScreen = async (page: Page, code: Locator): Promise<void> => holdUp(page, await code.screenshot())
