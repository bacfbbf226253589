// The official Anthropic client onto providers of every wire format.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { url, key, providers, can, tokens, text, thought, weather, answer, pixel } from './gateway.mjs';

const client = new Anthropic({ baseURL: `${url}/anthropic`, apiKey: key, maxRetries: 0 });
const hi = [{ role: 'user', content: 'Hi' }];
const tools = [{ name: weather.name, description: weather.description, input_schema: weather.schema }];
const ask = (model, more = {}) => ({ model, max_tokens: 4000, messages: hi, ...more });

for (const provider of providers) {
  describe(`anthropic → ${provider}`, () => {
    test('chat', async () => {
      const message = await client.messages.create(ask(`${provider}/chat`));
      assert.equal(message.content.at(-1).text, text);
      assert.equal(message.stop_reason, 'end_turn');
      assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], tokens(provider));
    });

    test('stream', async () => {
      const stream = client.messages.stream(ask(`${provider}/chat`));
      let streamed = '';
      stream.on('text', delta => { streamed += delta; });
      const message = await stream.finalMessage();
      assert.equal(streamed, text);
      assert.equal(message.stop_reason, 'end_turn');
      assert.equal(message.usage.output_tokens, tokens(provider)[1]);
    });

    test('tools', async () => {
      const message = await client.messages.stream(ask(`${provider}/tools`, { tools })).finalMessage();
      const call = message.content.find(block => block.type === 'tool_use');
      assert.deepEqual([call.name, call.input, message.stop_reason], ['get_weather', { city: 'Paris' }, 'tool_use']);
    });

    test('parallel tools, and their results', async () => {
      const message = await client.messages.create(ask(`${provider}/parallel`, { tools }));
      const calls = message.content.filter(block => block.type === 'tool_use');
      assert.deepEqual(calls.map(call => call.input.city), ['Oslo', 'Rome']);
      assert.notEqual(calls[0].id, calls[1].id);
      const next = await client.messages.create(ask(`${provider}/chat`, {
        tools,
        messages: [...hi, { role: 'assistant', content: message.content },
          { role: 'user', content: calls.map(call => ({ type: 'tool_result', tool_use_id: call.id, content: 'sunny' })) }],
      }));
      assert.equal(next.content.at(-1).text, text);
    });

    if (can(provider, 'thinking')) test('thinking', async () => {
      const message = await client.messages.stream(ask(`${provider}/thinking`, { thinking: { type: 'enabled', budget_tokens: 2000 } })).finalMessage();
      assert.deepEqual(message.content.map(block => block.type), ['thinking', 'text']);
      assert.equal(message.content[0].thinking, thought);
    });

    test('image', async () => {
      const message = await client.messages.create(ask(`${provider}/chat`, {
        messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } }, { type: 'text', text: 'What?' }] }],
      }));
      assert.equal(message.content.at(-1).text, text);
    });

    test('structured output', async () => {
      const message = await client.messages.create(ask(`${provider}/structured`, { output_config: { format: { type: 'json_schema', schema: answer } } }));
      assert.deepEqual(JSON.parse(message.content.at(-1).text), { answer: 42 });
    });

    test('rate limit', async () => {
      await assert.rejects(client.messages.create(ask(`${provider}/limited`)), Anthropic.RateLimitError);
      await assert.rejects(client.messages.stream(ask(`${provider}/limited`)).finalMessage(), Anthropic.RateLimitError);
    });

    test('abort', async () => {
      const stream = client.messages.stream(ask(`${provider}/chat`));
      await assert.rejects(async () => {
        for await (const event of stream) {
          if (event.type === 'content_block_delta') stream.abort();
        }
        await stream.finalMessage();
      }, Anthropic.APIUserAbortError);
    });
  });
}

describe('anthropic', () => {
  test('errors are the client’s own', async () => {
    await assert.rejects(client.messages.create(ask('nobody/none')), Anthropic.NotFoundError);
    await assert.rejects(client.messages.create({ model: `${providers[0]}/chat`, messages: 'no' , max_tokens: 1 }), Anthropic.BadRequestError);
    const stranger = new Anthropic({ baseURL: `${url}/anthropic`, apiKey: 'wrong', maxRetries: 0 });
    await assert.rejects(stranger.messages.create(ask(`${providers[0]}/chat`)), Anthropic.AuthenticationError);
  });

  test('counts tokens', async () => {
    const count = await client.messages.countTokens({ model: `${providers[0]}/chat`, messages: hi });
    assert.ok(count.input_tokens > 0);
  });

  test('lists models', async () => {
    const page = await client.models.list();
    assert.ok(Array.isArray(page.data));
    if (page.data.length > 0) assert.equal(page.data[0].type, 'model');
  });
});
