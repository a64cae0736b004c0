/** Port of the server of `/test/browser/*.html`, for specs of single modules that need a real browser. */
export const pagesPort = 4179
