using Gateway.Admission;
using Gateway.Admission.Directory;
using Gateway.Admission.Tokens;
using Gateway.Audit;
using Gateway.Configuration;
using Gateway.Configuration.Login;
using Gateway.Transport;
using GatewayApi.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace GatewayApi.Login;

/// <summary>Composes login. Without settings nothing of it is there.</summary>
internal static class LoginServices
{
    /// <summary>How long a session lasts; it is not drawn out by being used.</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(8);

    private static readonly TimeSpan ProviderTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Adds what the configuration asks for.</summary>
    public static void AddLogin(this IServiceCollection services, LoginConfig? login, TimeProvider time)
    {
        if (login is null)
            return;
        services.AddSingleton(s => new IssuerDocuments(s.GetRequiredService<UpstreamClients>(), time));
        if (login.Jwt.Count > 0)
        {
            services.AddSingleton<ITokenValidator>(s => new TokenValidator(
                login.Jwt, s.GetRequiredService<SnapshotHolder>(), s.GetRequiredService<IssuerDocuments>(), time, s.GetRequiredService<ILogger<TokenValidator>>()));
            services.AddSingleton<IPrincipalSource, TokenSource>();
        }

        if (login.DataPlane is not null)
            services.AddSingleton<ICallerTokens>(CreateCallerTokens);
        if (login.Oidc is { } oidc)
            AddOidc(services, oidc, time);
    }

    private static CallerTokens CreateCallerTokens(IServiceProvider services)
    {
        var snapshots = services.GetRequiredService<SnapshotHolder>();
        return new CallerTokens(
            services.GetRequiredService<ITokenValidator>(),
            () => snapshots.Current.Login?.Config.DataPlane,
            services.GetRequiredService<IDirectory>(),
            services.GetRequiredService<LiveConfiguration>().Compile,
            services.GetRequiredService<TimeProvider>());
    }

    private static void AddOidc(IServiceCollection services, OidcConfig oidc, TimeProvider time)
    {
        var cookies = new LoginCookies(oidc);
        services.AddSingleton(cookies);
        services.AddSingleton<IPrincipalSource, SessionSource>();
        services.AddSingleton(s => new LoginEvents(
            oidc,
            s.GetRequiredService<SnapshotHolder>(),
            () => Secret(s, oidc),
            s.GetRequiredService<IDirectory>(),
            s.GetRequiredService<IAuditLog>(),
            s.GetRequiredService<ILogger<LoginEvents>>()));

        // Not AddAuthentication, which would keep a ring of keys in the user's home directory.
        services.AddAuthenticationCore();
        services.AddWebEncoders();
        services.AddSingleton<IAuthenticationConfigurationProvider, NoAuthenticationConfiguration>();
        services.AddSingleton<IDataProtectionProvider>(s => new DeploymentProtector(s.GetRequiredService<KeyHasher>()));
        new AuthenticationBuilder(services)
            .AddCookie(LoginSchemes.Session, options => Configure(options, cookies, time))
            .AddOpenIdConnect(LoginSchemes.Oidc, options => Configure(options, oidc, cookies, time));
        services.AddOptions<OpenIdConnectOptions>(LoginSchemes.Oidc).Configure<IssuerDocuments>((options, documents) => options.ConfigurationManager = new ProviderMetadata(oidc.Authority, documents, time));
    }

    private static void Configure(CookieAuthenticationOptions options, LoginCookies cookies, TimeProvider time)
    {
        options.TimeProvider = time;
        options.ExpireTimeSpan = SessionLifetime;
        options.SlidingExpiration = false;
        options.Cookie.Name = cookies.Session;
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = cookies.Policy;
    }

    private static void Configure(OpenIdConnectOptions options, OidcConfig oidc, LoginCookies cookies, TimeProvider time)
    {
        options.TimeProvider = time;
        options.SignInScheme = LoginSchemes.Session;
        options.EventsType = typeof(LoginEvents);
        options.Authority = oidc.Authority;
        options.RequireHttpsMetadata = oidc.Authority.StartsWith("https://", StringComparison.Ordinal); // http is only taken for this machine
        options.ClientId = oidc.ClientId;
        options.CallbackPath = oidc.RedirectPath;
        options.RemoteSignOutPath = PathString.Empty; // the handler would answer there, outside of the admin API
        options.SignedOutCallbackPath = PathString.Empty;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query; // a form that another site posts would come without Lax cookies
        options.UsePkce = true;
        options.DisableTelemetry = true;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.Clear();
        options.SaveTokens = false;
        options.BackchannelTimeout = ProviderTimeout;
        options.BackchannelHttpHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), MaxResponseHeadersLength = 64 };
        options.Scope.Clear();
        foreach (var scope in oidc.Scopes)
            options.Scope.Add(scope);
        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = cookies.Policy;
        }
    }

    private static string? Secret(IServiceProvider services, OidcConfig oidc) =>
        oidc.ClientSecret is { IsVault: true } vault && services.GetRequiredService<StatePorts>().Secrets.Current(vault.Name) is { } current
            ? current.Reveal()
            : services.GetRequiredService<SnapshotHolder>().Current.Login?.ClientSecret?.Reveal();
}
