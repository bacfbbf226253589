// The official OpenAI client, chat and responses, onto providers of every wire format.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import OpenAI from 'openai';
import { url, key, providers, tokens, text, weather, answer, pixel, collect } from './gateway.mjs';

const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
const messages = [{ role: 'user', content: 'Hi' }];
const tools = [{ type: 'function', function: { name: weather.name, description: weather.description, parameters: weather.schema } }];
const flat = [{ type: 'function', name: weather.name, description: weather.description, parameters: weather.schema, strict: false }];

for (const provider of providers) {
  describe(`openai chat → ${provider}`, () => {
    test('chat', async () => {
      const reply = await client.chat.completions.create({ model: `${provider}/chat`, messages });
      assert.equal(reply.choices[0].message.content, text);
      assert.deepEqual([reply.choices[0].finish_reason, reply.usage.prompt_tokens, reply.usage.completion_tokens], ['stop', ...tokens(provider)]);
    });

    test('stream', async () => {
      const stream = client.chat.completions.stream({ model: `${provider}/chat`, messages, stream_options: { include_usage: true } });
      const reply = await stream.finalChatCompletion();
      assert.equal(reply.choices[0].message.content, text);
      assert.equal((await stream.totalUsage()).completion_tokens, tokens(provider)[1]);
    });

    test('tools', async () => {
      const reply = await client.chat.completions.stream({ model: `${provider}/tools`, messages, tools }).finalChatCompletion();
      const [call] = reply.choices[0].message.tool_calls;
      assert.deepEqual([call.function.name, JSON.parse(call.function.arguments), reply.choices[0].finish_reason], ['get_weather', { city: 'Paris' }, 'tool_calls']);
    });

    test('parallel tools, and their results', async () => {
      const reply = await client.chat.completions.create({ model: `${provider}/parallel`, messages, tools });
      const called = reply.choices[0].message;
      assert.deepEqual(called.tool_calls.map(call => JSON.parse(call.function.arguments).city), ['Oslo', 'Rome']);
      const next = await client.chat.completions.create({
        model: `${provider}/chat`, tools,
        messages: [...messages, called, ...called.tool_calls.map(call => ({ role: 'tool', tool_call_id: call.id, content: 'sunny' }))],
      });
      assert.equal(next.choices[0].message.content, text);
    });

    test('image', async () => {
      const reply = await client.chat.completions.create({
        model: `${provider}/chat`,
        messages: [{ role: 'user', content: [{ type: 'text', text: 'What?' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } }] }],
      });
      assert.equal(reply.choices[0].message.content, text);
    });

    test('structured output', async () => {
      const reply = await client.chat.completions.create({ model: `${provider}/structured`, messages, response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: answer } } });
      assert.deepEqual(JSON.parse(reply.choices[0].message.content), { answer: 42 });
    });

    test('rate limit', async () => {
      await assert.rejects(client.chat.completions.create({ model: `${provider}/limited`, messages }), OpenAI.RateLimitError);
    });
  });

  describe(`openai responses → ${provider}`, () => {
    test('response', async () => {
      const reply = await client.responses.create({ model: `${provider}/chat`, input: 'Hi' });
      assert.equal(reply.output_text, text);
      assert.deepEqual([reply.status, reply.usage.input_tokens, reply.usage.output_tokens], ['completed', ...tokens(provider)]);
    });

    test('stream', async () => {
      const stream = client.responses.stream({ model: `${provider}/chat`, input: 'Hi' });
      const events = await collect(stream);
      assert.equal(events.filter(event => event.type === 'response.output_text.delta').map(event => event.delta).join(''), text);
      assert.equal((await stream.finalResponse()).output_text, text);
    });

    test('tools', async () => {
      const stream = client.responses.stream({ model: `${provider}/tools`, input: 'Weather?', tools: flat });
      const reply = await stream.finalResponse();
      const call = reply.output.find(item => item.type === 'function_call');
      assert.deepEqual([call.name, JSON.parse(call.arguments)], ['get_weather', { city: 'Paris' }]);
    });

    test('rate limit', async () => {
      await assert.rejects(client.responses.create({ model: `${provider}/limited`, input: 'Hi' }), OpenAI.RateLimitError);
    });
  });
}
