// Makes schemas.json of OpenAI's OpenAPI description: node trim.mjs openapi.json > schemas.json
import { readFileSync } from 'node:fs';

const roots = [
  'CreateChatCompletionResponse', 'CreateChatCompletionStreamResponse', 'CreateCompletionResponse', 'Response', 'ResponseStreamEvent',
  'CreateEmbeddingResponse', 'ListModelsResponse', 'Model', 'ImagesResponse', 'ImageGenStreamEvent', 'CreateModerationResponse', 'ErrorResponse',
];
const words = /^(description|example|examples|title|default|deprecated|discriminator|externalDocs|format|x-.*)$/;
const { components: { schemas } } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const nullable = schema => (typeof schema.type === 'string' && !schema.enum ? { ...schema, type: [schema.type, 'null'] } : { anyOf: [schema, { type: 'null' }] });
const kept = {};

function trim(schema, owner) {
  if (Array.isArray(schema)) return schema.map(part => trim(part, owner));
  if (schema === null || typeof schema !== 'object') return schema;
  const result = {};
  for (const [name, value] of Object.entries(schema)) {
    if (words.test(name) || name === 'nullable' || name === '$recursiveAnchor') continue;
    if (name === '$ref') result.$ref = reach(value.split('/').at(-1));
    else if (name === '$recursiveRef') result.$ref = reach(owner);
    else if (name === 'properties') result.properties = Object.fromEntries(Object.entries(value).map(([member, its]) => [member, trim(its, owner)]));
    else if (name === 'enum' || name === 'required' || name === 'const') result[name] = value;
    else result[name] = trim(value, owner);
  }
  return schema.nullable === true ? nullable(result) : result;
}

function reach(name) {
  if (!(name in kept)) {
    kept[name] = true;
    kept[name] = trim(schemas[name], name);
  }
  return `#/$defs/${name}`;
}

roots.forEach(reach);

// Of streamed completions the description only says that their chunks look like whole replies; until the last they have no finish reason and no usage.
const chunk = structuredClone(kept.CreateCompletionResponse);
const choice = chunk.properties.choices.items.properties;
choice.finish_reason = nullable(choice.finish_reason);
chunk.properties.usage = nullable(chunk.properties.usage);
kept.CreateCompletionStreamResponse = chunk;

const lines = Object.keys(kept).sort().map(name => `  ${JSON.stringify(name)}: ${JSON.stringify(kept[name])}`);
console.log(`{ "$id": "openai", "$defs": {\n${lines.join(',\n')}\n} }`);
