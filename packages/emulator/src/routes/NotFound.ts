/** Answers where no route is: 501 for what only the real CARTO has, an HTML page for everything else. */
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Address from "../Address.ts"
import { notImplemented } from "./notImplemented.ts"

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

// The first words of CARTO's other APIs behind /api/{version}/.
const others = /^\/api\/[^/]+\/(connectors|connections|uploads|tags|imports\/service)(?:\/|$)/i

/** 404 with `Cannot GET /path`: clients must survive answers that are not JSON. */
const page = (method: string, path: string) =>
  HttpServerResponse.text(
    `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>Cannot ${method} ${escapeHtml(path)}</pre>
</body>
</html>
`,
    {
      status: 404,
      contentType: "text/html; charset=utf-8",
      headers: { "content-security-policy": "default-src 'self'", "x-content-type-options": "nosniff" }
    }
  )

/** What a request without a route is answered. */
export const notFound = Effect.map(HttpServerRequest.HttpServerRequest, (request) => {
  const api = others.exec(Address.path(request))?.[1]
  return api === undefined ? page(request.method, request.url.split("?", 1)[0] ?? "") : notImplemented(api)
})
