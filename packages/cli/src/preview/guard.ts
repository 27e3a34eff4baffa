/** Who may ask the page's server: only the page that this process has given the address of. */

/**
 * Other sites reach a loopback server through the browser, under names of their own that lead to this machine: only
 * loopback's own names are answered, and no request that another site has made.
 */
export const isForeign = (headers: Readonly<Record<string, string | undefined>>, port: number): boolean => {
  const host = headers.host?.toLowerCase()
  const isOwnHost = ["127.0.0.1", "localhost", "[::1]"].some((name) => host === `${name}:${port}`)
  const site = headers["sec-fetch-site"]
  return !isOwnHost || !(site === undefined || site === "same-origin" || site === "none")
}

/** The page loads nothing from elsewhere, is shown in no other page, and tells its address to nobody. */
export const headers = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "img-src 'self' data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join("; "),
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff"
} as const
