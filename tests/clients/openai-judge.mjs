// Holds JSON to OpenAI's OpenAPI description (tests/golden/openai-openapi). A line in: {"schema", "value"}; a line out: what is wrong, as JSON; [] when nothing is.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import Ajv from 'ajv/dist/2020.js';

const document = JSON.parse(readFileSync(new URL('../golden/openai-openapi/schemas.json', import.meta.url)));
const ajv = new Ajv.default({ strict: false, allErrors: true });
ajv.addSchema(document);
const names = Object.keys(document.$defs);
const events = document.$defs.ResponseStreamEvent.anyOf.map(option => option.$ref.split('/').at(-1));

// The schema of the one event that a type names says better what is wrong than the choice among all does.
const choose = (schema, value) => (schema === 'ResponseStreamEvent' ? events.find(name => typesOf(document.$defs[name]).includes(value.type)) : names.find(name => name === schema));
const typesOf = event => [event.properties.type].flatMap(type => type.enum ?? [type.const]);

for await (const line of createInterface({ input: process.stdin })) {
  const { schema, value } = JSON.parse(line);
  const name = choose(schema, value);
  const check = name && ajv.getSchema(`openai#/$defs/${name}`);
  const errors = !check ? [`no ${schema} is described for ${value.type}`] : check(value) ? [] : check.errors.map(error => `${name}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
  console.log(JSON.stringify(errors));
}
