// Prints AWS's signing test suite as JSON, as @smithy/signature-v4 carries it. Its file is a module in a package that says it is none: hence by way of a data URL.
import { readFileSync } from 'node:fs';

const source = readFileSync(new URL('node_modules/sigv4-vectors/dist-es/suite.fixture.js', import.meta.url), 'utf8');
const { credentials, region, requests, service } = await import('data:text/javascript,' + encodeURIComponent(source));
console.log(JSON.stringify({ credentials, region, service, requests }));
