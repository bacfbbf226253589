using GatewayApi.Hosting;
using GatewayApi.Simulator;
using ReplicaHost;

// The gateway as GatewayApi starts it, but with a clock that a test can move and a quick simulator.
var parsed = CommandLine.Parse(args);
if (parsed.Problem is not null)
{
    await Console.Error.WriteLineAsync(parsed.Problem);
    return 2;
}

using var clock = new SharedClock(parsed.Startup.Environment["CHAOS_CLOCK"]);
var startup = parsed.Startup with
{
    Time = clock,
    Simulator = new SimulatorOptions { TimeToFirstToken = TimeSpan.FromMilliseconds(5), TokensPerSecond = 1_000 },
};
try
{
    await using var app = await GatewayApplication.BuildAsync(startup);
    await GatewayApplication.StartAsync(app);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (StartException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
