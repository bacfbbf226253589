// The official AWS client onto providers of every wire format. It speaks HTTP/2 with prior knowledge and signs with SigV4: the virtual key is the access key id.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelCommand, InvokeModelWithResponseStreamCommand,
  ResourceNotFoundException, ThrottlingException,
} from '@aws-sdk/client-bedrock-runtime';
import { http2, key, providers, can, tokens, text, thought, weather, answer, pixel, collect } from './gateway.mjs';

const create = accessKeyId => new BedrockRuntimeClient({ endpoint: `${http2}/bedrock`, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId, secretAccessKey: 'not-checked' } });
const client = create(key);
after(() => client.destroy());

const hi = [{ role: 'user', content: [{ text: 'Hi' }] }];
const toolConfig = { tools: [{ toolSpec: { name: weather.name, description: weather.description, inputSchema: { json: weather.schema } } }] };
const converse = (modelId, more = {}) => client.send(new ConverseCommand({ modelId, messages: hi, inferenceConfig: { maxTokens: 4000 }, ...more }));
const stream = async (modelId, more = {}) => {
  const reply = await client.send(new ConverseStreamCommand({ modelId, messages: hi, inferenceConfig: { maxTokens: 4000 }, ...more }));
  return collect(reply.stream);
};
const claude = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 4000, messages: [{ role: 'user', content: 'Hi' }] };

for (const provider of providers) {
  describe(`bedrock → ${provider}`, () => {
    test('converse', async () => {
      const reply = await converse(`${provider}/chat`);
      assert.equal(reply.output.message.content.at(-1).text, text);
      assert.equal(reply.stopReason, 'end_turn');
      assert.deepEqual([reply.usage.inputTokens, reply.usage.outputTokens], tokens(provider));
    });

    test('converse stream', async () => {
      const events = await stream(`${provider}/chat`);
      assert.equal(events.map(event => event.contentBlockDelta?.delta.text ?? '').join(''), text);
      assert.equal(events.find(event => event.messageStop).messageStop.stopReason, 'end_turn');
      assert.equal(events.find(event => event.metadata).metadata.usage.outputTokens, tokens(provider)[1]);
    });

    test('tools', async () => {
      const events = await stream(`${provider}/tools`, { toolConfig });
      const start = events.find(event => event.contentBlockStart?.start?.toolUse).contentBlockStart.start.toolUse;
      const input = events.map(event => event.contentBlockDelta?.delta.toolUse?.input ?? '').join('');
      assert.deepEqual([start.name, JSON.parse(input)], ['get_weather', { city: 'Paris' }]);
    });

    test('parallel tools, and their results', async () => {
      const reply = await converse(`${provider}/parallel`, { toolConfig });
      const calls = reply.output.message.content.filter(block => block.toolUse).map(block => block.toolUse);
      assert.deepEqual(calls.map(call => call.input.city), ['Oslo', 'Rome']);
      const next = await converse(`${provider}/chat`, {
        toolConfig,
        messages: [...hi, reply.output.message, { role: 'user', content: calls.map(call => ({ toolResult: { toolUseId: call.toolUseId, content: [{ text: 'sunny' }] } })) }],
      });
      assert.equal(next.output.message.content.at(-1).text, text);
    });

    if (can(provider, 'thinking')) test('thinking', async () => {
      const reply = await converse(`${provider}/thinking`, { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2000 } } });
      assert.equal(reply.output.message.content[0].reasoningContent.reasoningText.text, thought);
      assert.equal(reply.output.message.content.at(-1).text, text);
    });

    test('image', async () => {
      const reply = await converse(`${provider}/chat`, { messages: [{ role: 'user', content: [{ image: { format: 'png', source: { bytes: Buffer.from(pixel, 'base64') } } }, { text: 'What?' }] }] });
      assert.equal(reply.output.message.content.at(-1).text, text);
    });

    test('structured output', async () => {
      const reply = await converse(`${provider}/structured`, { outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { name: 'answer', schema: JSON.stringify(answer) } } } } });
      assert.deepEqual(JSON.parse(reply.output.message.content.at(-1).text), { answer: 42 });
    });

    test('invoke with a Claude body', async () => {
      const reply = await client.send(new InvokeModelCommand({ modelId: `${provider}/chat`, contentType: 'application/json', body: JSON.stringify(claude) }));
      assert.equal(JSON.parse(Buffer.from(reply.body).toString()).content.at(-1).text, text);
    });

    if (can(provider, 'invoke stream')) test('invoke with a Claude body, streamed', async () => {
      const reply = await client.send(new InvokeModelWithResponseStreamCommand({ modelId: `${provider}/chat`, contentType: 'application/json', body: JSON.stringify(claude) }));
      const events = (await collect(reply.body)).map(event => JSON.parse(Buffer.from(event.chunk.bytes).toString()));
      assert.equal(events.map(event => event.delta?.text ?? '').join(''), text);
      assert.equal(events.at(-1).type, 'message_stop');
    });

    test('rate limit', async () => {
      await assert.rejects(converse(`${provider}/limited`), ThrottlingException);
      await assert.rejects(stream(`${provider}/limited`), ThrottlingException);
    });
  });
}

describe('bedrock', () => {
  test('errors are the client’s own', async () => {
    await assert.rejects(converse('nobody/none'), ResourceNotFoundException);
    const stranger = create('wrong');
    await assert.rejects(stranger.send(new ConverseCommand({ modelId: `${providers[0]}/chat`, messages: hi })), error => error.name === 'UnrecognizedClientException');
    stranger.destroy();
  });
});
