// An independent OpenID provider with people and applications in groups. It prints its issuer; "rotate" on standard input replaces its signing key.
// Log in through its own development pages with one of the names below and any password.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';

const people = {
  olga: ['gateway-owners'],
  arno: ['gateway-auditors'],
  tina: ['gateway-team-admins', 'team-search'],
  dora: ['gateway-developers', 'team-search'],
  nora: ['something-else'],
};
const applications = {
  automation: ['gateway-operators'],
  indexer: ['team-search'],
  stranger: ['something-else'],
};
const cookieKeys = [randomBytes(32).toString('hex')];
const server = createServer((request, response) => provider.callback()(request, response));
await new Promise(done => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;
let provider = create();
console.log(issuer);
createInterface({ input: process.stdin }).on('line', line => {
  if (line !== 'rotate') return;
  provider = create();
  console.log('rotated');
}).on('close', () => process.exit());

function create() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomBytes(8).toString('hex');
  const own = new Provider(issuer, {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },
    cookies: { keys: cookieKeys },
    clients: [
      {
        client_id: 'gateway',
        client_secret: 'gateway-client-secret',
        application_type: 'native', // for which any port of this machine will do
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: ['http://127.0.0.1/admin/login/callback'],
      },
      ...Object.keys(applications).map(client_id => ({
        client_id,
        client_secret: `${client_id}-secret`,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      })),
    ],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
    pkce: { required: () => true },
    findAccount: (_, sub) => people[sub] && {
      accountId: sub,
      claims: () => ({ sub, name: sub[0].toUpperCase() + sub.slice(1), email: `${sub}@example.com`, email_verified: true, groups: people[sub] }),
    },
    extraTokenClaims: (_, token) => token.kind === 'ClientCredentials' ? { groups: applications[token.clientId] } : undefined,
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, audience) => ({ scope: '', audience, accessTokenFormat: 'jwt', accessTokenTTL: 600 }),
      },
    },
    ttl: { Session: 3600, Interaction: 600, Grant: 3600, IdToken: 600, AccessToken: 600, ClientCredentials: 600 },
  });
  return own;
}
