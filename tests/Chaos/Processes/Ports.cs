using System.Net;
using System.Net.NetworkInformation;

namespace Chaos.Processes;

/// <summary>
/// Loopback ports that stay free while a killed process is away: below those that the system gives to outgoing connections, which would take one meanwhile.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private static readonly HashSet<int> Given = [];

    /// <summary>One that nobody listens on.</summary>
    public static int Free()
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(e => e.Port).ToHashSet();
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            lock (Given)
            {
                if (!taken.Contains(port) && Given.Add(port))
                    return port;
            }
        }
    }

    /// <summary>The port's address on loopback.</summary>
    public static Uri Address(int port) => new($"http://{IPAddress.Loopback}:{port}");
}
