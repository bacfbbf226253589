using Gateway.Admission.Directory;
using Gateway.Budgets;
using Gateway.Metering;
using Gateway.Pipeline;
using Gateway.State;

namespace GatewayApi.Hosting;

/// <summary>Composes what keeps the limits of callers.</summary>
internal static class LimitServices
{
    public static void AddLimits(this IServiceCollection services)
    {
        services.AddSingleton<ISpendingRecord>(s => new LedgerSpending(s.GetRequiredService<Ledger>()));
        services.AddSingleton<ILimitEvents, LimitEventPublisher>();
        services.AddSingleton(CreateBook);
        services.AddSingleton<WorstCaseEstimator>();
        services.AddSingleton<ILimitHeaders, LimitHeaders>();
        services.AddSingleton<BudgetStage>();
        services.AddSingleton<StoredBudgetStage>();
    }

    private static AllowanceBook CreateBook(IServiceProvider services)
    {
        var book = new AllowanceBook(
            new AllowanceBookOptions { Replica = services.GetRequiredService<Ledger>().Replica },
            services.GetRequiredService<IStateStore>(),
            services.GetRequiredService<ISpendingRecord>(),
            services.GetRequiredService<ILimitEvents>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<AllowanceBook>>());
        book.Start(new LimitFinder(services.GetRequiredService<IDirectory>()).Find);
        return book;
    }
}
