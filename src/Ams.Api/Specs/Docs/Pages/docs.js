// Swagger UI over this server's own document. Nothing is remembered and nothing is asked elsewhere.
window.SwaggerUIBundle({
  url: "/openapi/v1.json",
  dom_id: "#api",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  persistAuthorization: false,
  validatorUrl: null,
});
