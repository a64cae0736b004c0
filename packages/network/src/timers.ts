/** Time as an argument: real in the app, stepped by hand in tests. */
export interface Timers {
  /** Milliseconds, never going back. */
  readonly now: () => number
  /** Calls once, `milliseconds` from now, unless cleared. */
  readonly set: (call: () => void, milliseconds: number) => TimerHandle
  readonly clear: (handle: TimerHandle) => void
}
export type TimerHandle = unknown

/** The platform's timers. On Node they do not keep the process alive. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  set: (call, milliseconds) => {
    const handle: unknown = setTimeout(call, milliseconds)
    if (typeof handle === 'object') (handle as { unref?: () => void }).unref?.()
    return handle
  },
  clear: (handle) => {
    clearTimeout(handle as number | undefined)
  },
}
