// An independent fake upstream for every wire format it speaks. The model's name says what it answers, as with our own fake upstream.
// It prints its address and stops at the end of standard input.
import { LLMock } from '@copilotkit/aimock';
import { text, thought } from './gateway.mjs';

const usage = { prompt_tokens: 12, completion_tokens: 5 };
const call = city => ({ name: 'get_weather', arguments: JSON.stringify({ city }) });
const answers = {
  chat: { content: text, usage },
  tools: { toolCalls: [call('Paris')], usage },
  parallel: { toolCalls: [call('Oslo'), call('Rome')], usage },
  thinking: { content: text, reasoning: thought, reasoningSignature: 'c2lnbmVk', usage },
  structured: { content: JSON.stringify({ answer: 42 }), usage },
  limited: { error: { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' }, status: 429, retryAfter: 30 },
};

const mock = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent', chunkSize: 5 });
// Left alone it ends a Gemini tool call with FUNCTION_CALL, a word that Google's API does not have.
for (const model of ['tools', 'parallel']) mock.on({ model, context: 'gemini' }, { ...answers[model], finishReason: 'stop' });
for (const [model, response] of Object.entries(answers)) mock.on({ model }, response);
console.log(await mock.start());
process.stdin.resume().on('end', () => mock.stop());
