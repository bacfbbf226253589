using Azure.Core;

namespace Gateway.Tests.Providers.Credentials.Entra;

/// <summary>Gives tokens <c>token-1</c>, <c>token-2</c>…, each valid for an hour.</summary>
internal sealed class FakeTokenCredential(TimeProvider time) : TokenCredential
{
    public int Calls { get; private set; }

    public string[] Scopes { get; private set; } = [];

    public Exception? Failure { get; set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes = requestContext.Scopes;
        Calls++;
        return Failure is null ? new AccessToken($"token-{Calls}", time.GetUtcNow().AddHours(1)) : throw Failure;
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
