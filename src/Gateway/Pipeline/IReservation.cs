using Gateway.Metering;

namespace Gateway.Pipeline;

/// <summary>What a request holds of its caller's limits, from admission to settlement.</summary>
internal interface IReservation
{
    /// <summary>Turns what was reserved into what was used. Once; no waiting, no calls. Called before the entry is recorded, whatever became of the request.</summary>
    void Settle(LedgerEntry entry);

    /// <summary>
    /// Charges another reply under the same admission, such as a response of a Realtime session, without giving back what is held.
    /// </summary>
    /// <returns>False when a limit is exhausted: the session should end.</returns>
    bool Charge(LedgerEntry entry);
}
