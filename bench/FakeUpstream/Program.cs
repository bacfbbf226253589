using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using FakeUpstream;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

if (args.Length != 1 || !int.TryParse(args[0], CultureInfo.InvariantCulture, out var port))
{
    await Console.Error.WriteLineAsync("usage: FakeUpstream PORT");
    return 2;
}

await using var services = new ServiceCollection().BuildServiceProvider();
var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = services };
options.Limits.MinRequestBodyDataRate = null;
options.Limits.MinResponseDataRate = null;
options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);

var logs = NullLoggerFactory.Instance;
var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { Backlog = 4096 }), logs);
using var server = new KestrelServer(Options.Create(options), transport, logs);

var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

await server.StartAsync(new FakeApplication(), CancellationToken.None);
await stop.Task;
using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
await server.StopAsync(limit.Token);
return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}
