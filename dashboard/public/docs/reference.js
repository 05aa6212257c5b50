// The interactive reference, from our own origin: no request leaves for a CDN.
window.SwaggerUIBundle({
  url: "/v1/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  // Well over a hundred operations: a page that draws them all at once takes seconds.
  docExpansion: "none",
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
