using Functions.Http;
using Gateway.Events.Dapr;
using Gateway.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

var environment = ProcessVariables.All();
var builder = FunctionsApplication.CreateBuilder(args);
builder.Services.AddSingleton(services => new RemoteJobsHost(environment, TimeProvider.System, services.GetRequiredService<ILoggerFactory>()).Create());
builder.Services.AddSingleton(new SidecarGate(new SidecarCaller(environment.GetValueOrDefault("APP_API_TOKEN"))));
// Without an exporter the worker's defaults would make every log line disappear: the host then no longer writes them, and nobody else does.
if (environment.ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT"))
    builder.Services.AddOpenTelemetry().UseFunctionsWorkerDefaults().WithTracing(traces => traces.AddSource("Gateway")).UseOtlpExporter();
await builder.Build().RunAsync();
