// An archive as it was before it was sent. The build deflates archives, since hosts compress what they know to be text
// or code, and no file of another type.
export function inflated(response) {
  return new Response(response.body.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}
