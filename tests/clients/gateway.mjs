// Where the gateway under test is, and the providers behind it: fake upstreams of every wire format, whose model names say what they answer.
export const url = process.env.GATEWAY_URL ?? 'http://localhost:8080';
export const http2 = process.env.GATEWAY_HTTP2_URL;
export const key = process.env.GATEWAY_KEY;
export const providers = (process.env.PROVIDERS ?? '').split(',').filter(Boolean);

// What a fake upstream is known not to do, as "provider:feature"; its tests are left out rather than failed.
const gaps = new Set((process.env.GAPS ?? '').split(',').filter(Boolean));
export const can = (provider, feature) => !gaps.has(`${provider}:${feature}`);

/** Input and output tokens of every answer of a provider. */
export const tokens = provider => (can(provider, 'usage') ? [12, 5] : [0, 0]);

export const text = 'Hello there.';
export const thought = 'Let me think.';

export const weather = {
  name: 'get_weather',
  description: 'Weather of a city',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

export const answer = {
  type: 'object', properties: { answer: { type: 'integer' } }, required: ['answer'], additionalProperties: false,
};

// An image of one pixel.
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';

/** Reads an async iterable to its end. */
export async function collect(stream) {
  const all = [];
  for await (const item of stream) all.push(item);
  return all;
}
