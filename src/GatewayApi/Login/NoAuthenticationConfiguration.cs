using Microsoft.AspNetCore.Authentication;

namespace GatewayApi.Login;

/// <summary>Authentication is configured by gateway.json alone.</summary>
internal sealed class NoAuthenticationConfiguration : IAuthenticationConfigurationProvider
{
    public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
}
