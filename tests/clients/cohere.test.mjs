// The official Cohere client onto providers of every wire format.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CohereClientV2, CohereError } from 'cohere-ai';
import { url, key, providers, can, tokens, text, thought, weather, answer, collect } from './gateway.mjs';

const create = token => new CohereClientV2({ token, environment: `${url}/cohere`, maxRetries: 0 });
const client = create(key);
const hi = [{ role: 'user', content: 'Hi' }];
const tools = [{ type: 'function', function: { name: weather.name, description: weather.description, parameters: weather.schema } }];
const once = { maxRetries: 0 };

for (const provider of providers) {
  describe(`cohere → ${provider}`, () => {
    test('chat', async () => {
      const reply = await client.chat({ model: `${provider}/chat`, messages: hi });
      assert.equal(reply.message.content.at(-1).text, text);
      assert.equal(reply.finishReason, 'COMPLETE');
      assert.deepEqual([reply.usage.tokens.inputTokens, reply.usage.tokens.outputTokens], tokens(provider));
    });

    test('stream', async () => {
      const events = await collect(await client.chatStream({ model: `${provider}/chat`, messages: hi }));
      assert.equal(events.filter(event => event.type === 'content-delta').map(event => event.delta.message.content.text ?? '').join(''), text);
      assert.equal(events.find(event => event.type === 'message-end').delta.finishReason, 'COMPLETE');
    });

    test('tools', async () => {
      const events = await collect(await client.chatStream({ model: `${provider}/tools`, messages: hi, tools }));
      const start = events.find(event => event.type === 'tool-call-start').delta.message.toolCalls;
      const input = (start.function.arguments ?? '') + events.filter(event => event.type === 'tool-call-delta').map(event => event.delta.message.toolCalls.function.arguments).join('');
      assert.deepEqual([start.function.name, JSON.parse(input)], ['get_weather', { city: 'Paris' }]);
    });

    test('parallel tools, and their results', async () => {
      const reply = await client.chat({ model: `${provider}/parallel`, messages: hi, tools });
      assert.deepEqual(reply.message.toolCalls.map(call => JSON.parse(call.function.arguments).city), ['Oslo', 'Rome']);
      const next = await client.chat({
        model: `${provider}/chat`, tools,
        messages: [...hi, { role: 'assistant', toolCalls: reply.message.toolCalls }, ...reply.message.toolCalls.map(call => ({ role: 'tool', toolCallId: call.id, content: 'sunny' }))],
      });
      assert.equal(next.message.content.at(-1).text, text);
    });

    if (can(provider, 'thinking')) test('thinking', async () => {
      const reply = await client.chat({ model: `${provider}/thinking`, messages: hi, thinking: { type: 'enabled', tokenBudget: 2000 } });
      assert.equal(reply.message.content[0].thinking, thought);
      assert.equal(reply.message.content.at(-1).text, text);
    });

    test('structured output', async () => {
      const reply = await client.chat({ model: `${provider}/structured`, messages: hi, responseFormat: { type: 'json_object', jsonSchema: answer } });
      assert.deepEqual(JSON.parse(reply.message.content.at(-1).text), { answer: 42 });
    });

    test('rate limit', async () => {
      await assert.rejects(client.chat({ model: `${provider}/limited`, messages: hi }, once), error => error instanceof CohereError && error.statusCode === 429);
    });
  });
}

describe('cohere', () => {
  test('errors are the client’s own', async () => {
    await assert.rejects(client.chat({ model: 'nobody/none', messages: hi }, once), error => error instanceof CohereError && error.statusCode === 404);
    await assert.rejects(create('wrong').chat({ model: `${providers[0]}/chat`, messages: hi }, once), error => error instanceof CohereError && error.statusCode === 401);
  });
});
