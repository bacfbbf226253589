using System.Security.Claims;
using System.Text.Json;
using Gateway.Admission.Directory;
using Gateway.Audit;
using Gateway.Configuration;
using Gateway.Configuration.Login;
using Gateway.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace GatewayApi.Login;

/// <summary>What the gateway adds to the code flow: its own address and secret, who may in, and the record of both ends.</summary>
internal sealed partial class LoginEvents(
    OidcConfig oidc, SnapshotHolder snapshots, Func<string?> secret, IDirectory directory, IAuditLog audit, ILogger<LoginEvents> logger) : OpenIdConnectEvents
{
    private const string Endpoint = "GET /admin/login";

    public override Task RedirectToIdentityProvider(RedirectContext context)
    {
        if (oidc.PublicUrl is { } home)
            context.ProtocolMessage.RedirectUri = home + oidc.RedirectPath;
        return Task.CompletedTask;
    }

    public override Task PushAuthorization(PushedAuthorizationContext context)
    {
        context.ProtocolMessage.ClientSecret = secret();
        return Task.CompletedTask;
    }

    public override Task AuthorizationCodeReceived(AuthorizationCodeReceivedContext context)
    {
        context.TokenEndpointRequest!.ClientSecret = secret(); // it may have been rotated since the start
        return Task.CompletedTask;
    }

    /// <summary>Some providers tell groups only here.</summary>
    public override Task UserInformationReceived(UserInformationReceivedContext context)
    {
        var identity = (ClaimsIdentity)context.Principal!.Identity!;
        foreach (var name in (snapshots.Current.Login?.Config.ClaimNames ?? new HashSet<string>()).Concat(["name", "preferred_username", "email", "email_verified"]).Distinct())
        {
            // What the signed token says stands.
            if (identity.HasClaim(c => c.Type == name) || !context.User.RootElement.TryGetProperty(name, out var value))
                continue;
            foreach (var one in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
            {
                if (one.ValueKind is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number)
                    identity.AddClaim(new Claim(name, one.ToString()));
            }
        }

        return Task.CompletedTask;
    }

    public override async Task TicketReceived(TicketReceivedContext context)
    {
        if (snapshots.Current.Login?.Config is not { } config || SessionClaims.Read(context.Principal!, config) is not { } who)
        {
            await RefuseAsync(context, "anonymous", LoginReply.Failed);
            return;
        }

        if (config.Mapping.Map(who, directory.Current) is not { Roles.Count: > 0 })
        {
            await RefuseAsync(context, who.Id, LoginReply.NotPermitted);
            return;
        }

        try
        {
            await audit.AppendAsync(new AuditEvent(who.Id, "login", "session", "ok"), context.HttpContext.RequestAborted);
        }
        catch (IOException e)
        {
            LogNotRecorded(e);
            await RefuseAsync(context, who.Id, LoginReply.Unavailable);
            return;
        }

        context.Principal = SessionClaims.Write(who, config.Mapping, LoginSchemes.Session);
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        LogFailed(context.Failure?.GetType().Name, context.Failure?.Message);
        return RefuseAsync(context, "anonymous", LoginReply.Failed);
    }

    private async Task RefuseAsync(HandleRequestContext<RemoteAuthenticationOptions> context, string actor, GatewayError error)
    {
        audit.Denied(actor, error.Code, Endpoint);
        await LoginReply.WriteAsync(context.HttpContext, error);
        context.HandleResponse();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A login failed. {Kind}: {Reason}")]
    private partial void LogFailed(string? kind, string? reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A login could not be recorded in the audit log, so it was refused.")]
    private partial void LogNotRecorded(Exception e);
}
