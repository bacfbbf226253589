// The Vercel AI SDK's OpenAI (chat and responses) and Anthropic providers onto providers of every wire format.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, generateText, jsonSchema, streamText, tool } from 'ai';
import { url, key, providers, tokens, text, weather } from './gateway.mjs';

const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey: key });
const anthropic = createAnthropic({ baseURL: `${url}/anthropic/v1`, apiKey: key });
const models = { 'openai chat': model => openai.chat(model), 'openai responses': model => openai.responses(model), anthropic: model => anthropic(model) };
const tools = { get_weather: tool({ description: weather.description, inputSchema: jsonSchema(weather.schema) }) };

for (const [name, create] of Object.entries(models)) {
  for (const provider of providers) {
    describe(`ai ${name} → ${provider}`, () => {
      test('generate', async () => {
        const reply = await generateText({ model: create(`${provider}/chat`), prompt: 'Hi', maxRetries: 0 });
        assert.equal(reply.text, text);
        assert.equal(reply.finishReason, 'stop');
        assert.deepEqual([reply.usage.inputTokens, reply.usage.outputTokens], tokens(provider));
      });

      test('stream', async () => {
        const reply = streamText({ model: create(`${provider}/chat`), prompt: 'Hi', maxRetries: 0 });
        let streamed = '';
        for await (const delta of reply.textStream) streamed += delta;
        assert.equal(streamed, text);
        assert.equal(await reply.finishReason, 'stop');
      });

      test('tools', async () => {
        const reply = streamText({ model: create(`${provider}/tools`), prompt: 'Weather?', tools, maxRetries: 0 });
        const calls = await reply.toolCalls;
        assert.deepEqual(calls.map(call => [call.toolName, call.input]), [['get_weather', { city: 'Paris' }]]);
      });

      test('rate limit', async () => {
        await assert.rejects(generateText({ model: create(`${provider}/limited`), prompt: 'Hi', maxRetries: 0 }), error => APICallError.isInstance(error) && error.statusCode === 429);
      });
    });
  }
}
