using System.Diagnostics;
using Gateway.Routing.Health;

namespace Gateway.Tests.Testing;

/// <summary>
/// For hosts that many tests share, whose providers fail on purpose: each request finds every target as if nothing had ever gone wrong with it. What
/// circuits and cool-downs do is tested elsewhere.
/// </summary>
internal sealed class ForgottenFailures(TargetStates targets) : IObserver<KeyValuePair<string, object?>>
{
    private const string Begin = "Microsoft.AspNetCore.Hosting.BeginRequest";

    /// <summary>Lets a host forget.</summary>
    public static GatewayHost In(GatewayHost host)
    {
        // Nothing but the one event is enabled, or the server would make an activity for each request.
        host.Get<DiagnosticListener>().Subscribe(new ForgottenFailures(host.Get<TargetStates>()), static (name, _, _) => name == Begin);
        return host;
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        foreach (var target in targets.All)
            target.Restore();
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
