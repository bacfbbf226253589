namespace FaultUpstream;

/// <summary>Says what goes wrong with a request.</summary>
/// <param name="request">The request; <see cref="SeenRequest.Number"/> counts those of its model.</param>
/// <returns>The fault; null when it is answered well.</returns>
internal delegate Fault? FaultSchedule(SeenRequest request);
