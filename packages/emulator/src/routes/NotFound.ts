/** The HTML page for an unknown path, or for a method that a path does not know. */
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** 404 with `Cannot GET /path`: clients must survive answers that are not JSON. */
export const notFound = Effect.map(HttpServerRequest.HttpServerRequest, (request) =>
  HttpServerResponse.text(
    `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>Cannot ${request.method} ${escapeHtml(request.url.split("?", 1)[0] ?? "")}</pre>
</body>
</html>
`,
    {
      status: 404,
      contentType: "text/html; charset=utf-8",
      headers: { "content-security-policy": "default-src 'self'", "x-content-type-options": "nosniff" }
    }
  )
)
