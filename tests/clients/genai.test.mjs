// The official Google GenAI client onto providers of every wire format.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from '@google/genai';
import { url, key, providers, can, tokens, text, thought, weather, answer, pixel, collect } from './gateway.mjs';

const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: `${url}/genai` } });
const tools = [{ functionDeclarations: [{ name: weather.name, description: weather.description, parametersJsonSchema: weather.schema }] }];

for (const provider of providers) {
  describe(`genai → ${provider}`, () => {
    test('chat', async () => {
      const reply = await client.models.generateContent({ model: `${provider}/chat`, contents: 'Hi' });
      assert.equal(reply.text, text);
      assert.equal(reply.candidates[0].finishReason, 'STOP');
      const { promptTokenCount, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = reply.usageMetadata;
      assert.deepEqual([promptTokenCount, candidatesTokenCount + thoughtsTokenCount], tokens(provider));
    });

    test('stream', async () => {
      const chunks = await collect(await client.models.generateContentStream({ model: `${provider}/chat`, contents: 'Hi' }));
      assert.equal(chunks.map(chunk => chunk.text ?? '').join(''), text);
      assert.equal(chunks.at(-1).candidates[0].finishReason, 'STOP');
    });

    test('tools', async () => {
      const chunks = await collect(await client.models.generateContentStream({
        model: `${provider}/tools`, contents: 'Weather?',
        config: { tools, toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.AUTO } } },
      }));
      const calls = chunks.flatMap(chunk => chunk.functionCalls ?? []);
      assert.deepEqual(calls.map(call => [call.name, call.args]), [['get_weather', { city: 'Paris' }]]);
    });

    test('parallel tools, and their results', async () => {
      const reply = await client.models.generateContent({ model: `${provider}/parallel`, contents: 'Weather?', config: { tools } });
      assert.deepEqual(reply.functionCalls.map(call => call.args.city), ['Oslo', 'Rome']);
      const next = await client.models.generateContent({
        model: `${provider}/chat`, config: { tools },
        contents: [{ role: 'user', parts: [{ text: 'Weather?' }] }, reply.candidates[0].content,
          { role: 'user', parts: reply.functionCalls.map(call => ({ functionResponse: { id: call.id, name: call.name, response: { output: 'sunny' } } })) }],
      });
      assert.equal(next.text, text);
    });

    if (can(provider, 'thinking')) test('thinking', async () => {
      const reply = await client.models.generateContent({ model: `${provider}/thinking`, contents: 'Hi', config: { thinkingConfig: { includeThoughts: true, thinkingBudget: 2000 } } });
      const thoughts = reply.candidates[0].content.parts.filter(part => part.thought);
      assert.equal(thoughts.map(part => part.text).join(''), thought);
      assert.equal(reply.text, text);
    });

    test('image', async () => {
      const reply = await client.models.generateContent({ model: `${provider}/chat`, contents: [{ inlineData: { mimeType: 'image/png', data: pixel } }, 'What?'] });
      assert.equal(reply.text, text);
    });

    test('structured output', async () => {
      const reply = await client.models.generateContent({ model: `${provider}/structured`, contents: 'Hi', config: { responseMimeType: 'application/json', responseJsonSchema: answer } });
      assert.deepEqual(JSON.parse(reply.text), { answer: 42 });
    });

    test('rate limit', async () => {
      await assert.rejects(client.models.generateContent({ model: `${provider}/limited`, contents: 'Hi' }), error => error instanceof ApiError && error.status === 429);
    });
  });
}

describe('genai', () => {
  test('errors are the client’s own', async () => {
    await assert.rejects(client.models.generateContent({ model: 'nobody/none', contents: 'Hi' }), error => error instanceof ApiError && error.status === 404);
    const stranger = new GoogleGenAI({ apiKey: 'wrong', httpOptions: { baseUrl: `${url}/genai` } });
    await assert.rejects(stranger.models.generateContent({ model: `${providers[0]}/chat`, contents: 'Hi' }), error => error instanceof ApiError && error.status === 401);
  });

  test('counts tokens', async () => {
    const count = await client.models.countTokens({ model: `${providers[0]}/chat`, contents: 'Hi' });
    assert.ok(count.totalTokens > 0);
  });

  test('lists models', async () => {
    const pager = await client.models.list();
    assert.ok(Array.isArray(pager.page));
  });
});
