using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;

namespace TestSidecar.Faults;

/// <summary><c>/faults</c> on the HTTP port: never itself paused or delayed.</summary>
internal static class FaultApi
{
    /// <summary>
    /// <c>GET /faults</c> tells; <c>DELETE /faults</c> ends all; <c>POST /faults/pause</c>, <c>/resume</c>, <c>/delay?ms=</c>, and
    /// <c>/conflict|drop|lostanswer|unavailable|duplicate?count=</c>.
    /// </summary>
    public static void Map(WebApplication app, FaultBoard board)
    {
        app.MapGet("/faults", () => Show(board));
        app.MapDelete("/faults", () => Done(board, board.Clear));
        app.MapPost("/faults/pause", () => Done(board, board.Pause));
        app.MapPost("/faults/resume", () => Done(board, board.Resume));
        app.MapPost("/faults/delay", ([FromQuery] int ms) => Done(board, () => board.Delay = TimeSpan.FromMilliseconds(ms)));
        foreach (var fault in Enum.GetValues<Fault>())
            app.MapPost($"/faults/{fault.ToString().ToLowerInvariant()}", ([FromQuery] int count) => Done(board, () => board.Set(fault, count)));
    }

    private static IResult Done(FaultBoard board, Action act)
    {
        act();
        return Show(board);
    }

    private static IResult Show(FaultBoard board)
    {
        var json = new JsonObject { ["paused"] = board.IsPaused, ["delayMs"] = (long)board.Delay.TotalMilliseconds, ["calls"] = board.Calls };
        foreach (var fault in Enum.GetValues<Fault>())
            json[fault.ToString().ToLowerInvariant()] = new JsonObject { ["left"] = board.Left(fault), ["happened"] = board.Happened(fault) };
        return Results.Text(json.ToJsonString(), "application/json");
    }
}
