using Gateway.Budgets;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.Routing.Attempts;
using Gateway.Routing.Rules;
using Gateway.Routing.Shadow;
using Gateway.Transport;
using GatewayApi.Telemetry;

namespace GatewayApi.Hosting;

/// <summary>Composes what rules need: how budgets stand, and the sending of copies.</summary>
internal static class RuleServices
{
    public static void AddRules(this IServiceCollection services)
    {
        services.AddSingleton<IBudgetUse, BudgetUse>();
        services.AddSingleton<IShadowBudgets, ShadowBudgets>();
        services.AddSingleton<ShadowQueue>();
        services.AddSingleton<RuleStage>();
        services.AddSingleton(s => new ShadowRunner(s.GetRequiredService<ShadowQueue>(), s.GetRequiredService<IShadowBudgets>(), CreatePipeline(s), s.GetRequiredService<ILogger<ShadowRunner>>()));
        services.AddHostedService<ShadowHost>();
    }

    private static RequestPipeline CreatePipeline(IServiceProvider services)
    {
        var record = new ShadowRecord(services.GetRequiredService<Ledger>(), services.GetRequiredService<ReplyObservers>());
        return new RequestPipeline(
            new MeteringStage(record, services.GetRequiredService<TokenEstimator>(), record, services.GetRequiredService<ILogger<MeteringStage>>()),
            new AttemptStage(services.GetRequiredService<UpstreamClients>(), new Translation(new MediaInliner(services.GetRequiredService<MediaFetcher>())), services.GetRequiredService<TokenEstimator>()));
    }
}
