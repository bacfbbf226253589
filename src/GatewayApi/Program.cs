using GatewayApi.Hosting;

var command = CommandLine.Parse(args);
if (command.Problem is not null)
{
    if (command.Problem.Length > 0)
        await Console.Error.WriteLineAsync(command.Problem);
    await Console.Out.WriteLineAsync(CommandLine.Usage);
    return command.Problem.Length > 0 ? 2 : 0;
}

if (command.Audit is { } audit)
    return await audit.RunAsync(command.Startup, Console.Out, Console.Error);

if (command.CheckOnly)
    return ConfigurationCheckup.Run(command.Startup);

if (command.PlanOnly)
    return await ConfigurationPlanning.RunAsync(command.Startup);

try
{
    await using var app = await GatewayApplication.BuildAsync(command.Startup with { OwnsProcess = true });
    await GatewayApplication.StartAsync(app);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (StartException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
