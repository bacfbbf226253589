// The official OpenAI client against the gateway and its simulator, unchanged but for base URL and key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';

const baseURL = `${process.env.GATEWAY_URL}/v1`;
const client = new OpenAI({ baseURL, apiKey: process.env.GATEWAY_KEY, maxRetries: 0 });
const user = (content) => [{ role: 'user', content }];

const collect = async (stream) => {
  let text = '', finish = null, usage = null, chunks = 0;
  for await (const chunk of stream) {
    chunks++;
    text += chunk.choices[0]?.delta?.content ?? '';
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  return { text, finish, usage, chunks };
};

test('chat, whole', async () => {
  const { data, response } = await client.chat.completions
    .create({ model: 'simulator/echo', messages: user('Grüße, 世界 😀') }).withResponse();
  assert.equal(data.choices[0].message.content, 'Grüße, 世界 😀');
  assert.equal(data.choices[0].finish_reason, 'stop');
  assert.ok(data.usage.total_tokens > 0);
  assert.equal(response.headers.get('x-gateway-provider'), 'simulator');
  assert.equal(response.headers.get('x-gateway-attempts'), '1');
  assert.match(response.headers.get('x-gateway-cost-usd'), /^0\.\d+$/);
  assert.ok(response.headers.get('x-request-id'));
});

test('chat, streamed, without usage unless asked', async () => {
  const stream = await client.chat.completions.create({ model: 'simulator/echo', messages: user('one two three'), stream: true });
  const { text, finish, usage } = await collect(stream);
  assert.equal(text, 'one two three');
  assert.equal(finish, 'stop');
  assert.equal(usage, null);
});

test('chat, streamed, with usage when asked', async () => {
  const { usage } = await collect(await client.chat.completions.create({
    model: 'simulator/chat', messages: user('hi'), stream: true, stream_options: { include_usage: true } }));
  assert.ok(usage.completion_tokens > 0);
});

test('tools, streamed, put together by the client', async () => {
  const tools = [{ type: 'function', function: { name: 'get_weather', parameters: {
    type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } } }];
  const runner = client.chat.completions.stream({
    model: 'simulator/tools', messages: user('Weather in Paris?'), tools, tool_choice: 'required' });
  const completion = await runner.finalChatCompletion();
  const call = completion.choices[0].message.tool_calls[0];
  assert.equal(call.function.name, 'get_weather');
  assert.equal(typeof JSON.parse(call.function.arguments).city, 'string');
  assert.equal(completion.choices[0].finish_reason, 'tool_calls');
});

test('structured output', async () => {
  const schema = { type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer' } }, required: ['name', 'age'], additionalProperties: false };
  const reply = await client.chat.completions.create({ model: 'simulator/json', messages: user('A person'),
    response_format: { type: 'json_schema', json_schema: { name: 'person', schema, strict: true } } });
  const person = JSON.parse(reply.choices[0].message.content);
  assert.equal(typeof person.name, 'string');
  assert.ok(Number.isInteger(person.age));
});

test('images in', async () => {
  const reply = await client.chat.completions.create({ model: 'simulator/chat', messages: [{ role: 'user', content: [
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(100_000)}` } }] }] });
  assert.match(reply.choices[0].message.content, /1 image/);
});

test('embeddings: base64 by default, decoded by the client to a unit vector', async () => {
  const reply = await client.embeddings.create({ model: 'simulator/embed', input: ['a', 'b'], dimensions: 64 });
  assert.equal(reply.data.length, 2);
  for (const { embedding } of reply.data) {
    assert.equal(embedding.length, 64);
    const norm = Math.hypot(...embedding);
    assert.ok(Math.abs(norm - 1) < 1e-3, `norm ${norm}`);
  }
});

test('embeddings: a provider that answers numbers though asked for base64', { skip: !process.env.FLOATS_MODEL && 'FLOATS_MODEL names no such provider' }, async () => {
  const reply = await client.embeddings.create({ model: process.env.FLOATS_MODEL, input: ['a', 'b'] });
  assert.deepEqual(reply.data.map(({ embedding }) => [...embedding].map((x) => Math.fround(x))), [[0.5, -1.25, Math.fround(3e-2)], [1, 0, -0.125]]);
});

test('responses, whole and streamed', async () => {
  const whole = await client.responses.create({ model: 'simulator/echo', input: 'hello there' });
  assert.equal(whole.output_text, 'hello there');
  let text = '', last;
  for await (const event of await client.responses.create({ model: 'simulator/echo', input: 'hello there', stream: true })) {
    if (event.type === 'response.output_text.delta') text += event.delta;
    last = event;
  }
  assert.equal(text, 'hello there');
  assert.equal(last.type, 'response.completed');
  assert.ok(last.response.usage.output_tokens > 0);
});

test('legacy completions', async () => {
  const reply = await client.completions.create({ model: 'simulator/echo', prompt: 'say this' });
  assert.equal(reply.choices[0].text, 'say this');
});

test('models', async () => {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes('simulator/echo'));
  assert.equal((await client.models.retrieve('simulator/echo')).id, 'simulator/echo');
});

test('legacy completions, two choices, streamed', async () => {
  const texts = ['', ''], finish = [];
  for await (const chunk of await client.completions.create({ model: 'simulator/echo', prompt: 'say this', n: 2, stream: true })) {
    for (const choice of chunk.choices) {
      texts[choice.index] += choice.text;
      finish[choice.index] = choice.finish_reason ?? finish[choice.index];
    }
  }
  assert.deepEqual(texts, ['say this', 'say this']);
  assert.deepEqual(finish, ['stop', 'stop']);
});

for (const [model, type, status] of [
  ['simulator/fault-429', OpenAI.RateLimitError, 429],
  ['simulator/fault-503', OpenAI.InternalServerError, 503],
  ['simulator/fault-context-length', OpenAI.BadRequestError, 400],
  ['simulator/fault-content-filter', OpenAI.BadRequestError, 400],
  ['simulator/none-such', OpenAI.NotFoundError, 404],
  ['none-such', OpenAI.NotFoundError, 404],
]) {
  for (const stream of [false, true]) {
    test(`${model}${stream ? ', streamed' : ''}: ${type.name}`, async () => {
      await assert.rejects(client.chat.completions.create({ model, messages: user('x'), stream }), (e) => {
        assert.ok(e instanceof type, `${e.constructor.name}: ${e.message}`);
        assert.equal(e.status, status);
        return true;
      });
    });
  }
}

test('a bad key: AuthenticationError', async () => {
  const stranger = new OpenAI({ baseURL, apiKey: 'gw-wrong', maxRetries: 0 });
  await assert.rejects(stranger.chat.completions.create({ model: 'simulator/echo', messages: user('x') }), OpenAI.AuthenticationError);
});

test('retries obey Retry-After', async () => {
  const patient = new OpenAI({ baseURL, apiKey: process.env.GATEWAY_KEY, maxRetries: 1 });
  const began = Date.now();
  await assert.rejects(patient.chat.completions.create({ model: 'simulator/fault-429', messages: user('x') }), OpenAI.RateLimitError);
  assert.ok(Date.now() - began >= 1_900);
});

test('500 once: the client\'s own retry gets the answer', async () => {
  const patient = new OpenAI({ baseURL, apiKey: process.env.GATEWAY_KEY, maxRetries: 2 });
  const reply = await patient.chat.completions.create({ model: 'simulator/fault-500-once', messages: user(`x ${Math.random()}`) });
  assert.ok(reply.choices[0].message.content.length > 0);
});

for (const model of ['simulator/fault-cut', 'simulator/fault-malformed']) {
  test(`${model}: the stream throws and never looks whole`, async () => {
    const stream = await client.chat.completions.create({ model, messages: user('x'), stream: true });
    let finish = null;
    await assert.rejects(async () => {
      for await (const chunk of stream) finish = chunk.choices[0]?.finish_reason ?? finish;
    });
    assert.equal(finish, null);
  });
}

test('no [DONE] from the provider: the stream ends properly', async () => {
  const { finish } = await collect(await client.chat.completions.create({ model: 'simulator/fault-no-done', messages: user('x'), stream: true }));
  assert.equal(finish, 'stop');
});

test('abort', async () => {
  const stream = await client.chat.completions.create({ model: 'simulator/chat', messages: user('x'), stream: true });
  for await (const _ of stream) break;
  assert.ok(stream.controller.signal.aborted);
});
