// LangChain's OpenAI and Anthropic models onto providers of every wire format.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ChatAnthropic } from '@langchain/anthropic';
import { ChatOpenAI } from '@langchain/openai';
import { HumanMessage, ToolMessage } from 'langchain';
import { url, key, providers, can, tokens, text, weather, collect } from './gateway.mjs';

const openai = model => new ChatOpenAI({ model, apiKey: key, maxRetries: 0, configuration: { baseURL: `${url}/langchain` }, streamUsage: true });
const anthropic = model => new ChatAnthropic({ model, apiKey: key, anthropicApiUrl: `${url}/langchain`, maxRetries: 0, maxTokens: 4000 });
const tool = { name: weather.name, description: weather.description, schema: weather.schema };
const contentOf = message => typeof message.content === 'string' ? message.content : message.content.map(part => part.text ?? '').join('');

for (const [name, create] of Object.entries({ ChatOpenAI: openai, ChatAnthropic: anthropic })) {
  for (const provider of providers) {
    describe(`${name} → ${provider}`, () => {
      test('invoke', async () => {
        const message = await create(`${provider}/chat`).invoke('Hi');
        assert.equal(contentOf(message), text);
        const { input_tokens: input = 0, output_tokens: output = 0 } = message.usage_metadata;
        assert.deepEqual([input, output], tokens(provider));
      });

      test('stream', async () => {
        const chunks = await collect(await create(`${provider}/chat`).stream('Hi'));
        assert.equal(chunks.map(contentOf).join(''), text);
        const whole = chunks.reduce((all, chunk) => all.concat(chunk));
        // It adds up what message_start and message_delta say; Anthropic's own streams, relayed as they are, say 1 in the first.
        const relayed = name === 'ChatAnthropic' && provider === 'claude';
        assert.equal(whole.usage_metadata.output_tokens, tokens(provider)[1] + (!relayed ? 0 : can(provider, 'first count') ? 1 : 5));
      });

      test('tools, and their results', async () => {
        const model = create(`${provider}/parallel`).bindTools([tool]);
        const question = new HumanMessage('Weather?');
        const called = await model.invoke([question]);
        assert.deepEqual(called.tool_calls.map(call => call.args.city), ['Oslo', 'Rome']);
        const results = called.tool_calls.map(call => new ToolMessage({ tool_call_id: call.id, content: 'sunny' }));
        const reply = await create(`${provider}/chat`).bindTools([tool]).invoke([question, called, ...results]);
        assert.equal(contentOf(reply), text);
      });

      test('rate limit', async () => {
        await assert.rejects(create(`${provider}/limited`).invoke('Hi'), error => error.status === 429 || error.lc_error_code === 'MODEL_RATE_LIMIT');
      });
    });
  }
}
