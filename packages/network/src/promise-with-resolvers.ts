/** Node before 22 and Safari before 17.4 lack it, and libp2p cannot be loaded without. Import this file before libp2p. */
if (!('withResolvers' in Promise)) {
  Object.defineProperty(Promise, 'withResolvers', {
    configurable: true,
    writable: true,
    value: function withResolvers(this: PromiseConstructor) {
      let resolve: (value: unknown) => void = () => {}
      let reject: (reason?: unknown) => void = () => {}
      const promise = new this(
        (resolvePromise: (value: unknown) => void, rejectPromise: (reason?: unknown) => void) => {
          resolve = resolvePromise
          reject = rejectPromise
        },
      )
      return { promise, resolve, reject }
    },
  })
}
