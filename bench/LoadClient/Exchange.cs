namespace LoadClient;

/// <summary>What one request gave.</summary>
/// <param name="Status">HTTP status; 0 when the connection failed.</param>
/// <param name="FirstContentMicroseconds">From before the request was written to the first content event; 0 when there was none.</param>
/// <param name="TotalMicroseconds">To the end of the response.</param>
/// <param name="ContentEvents">Content events that arrived in their order.</param>
/// <param name="Whole">Status 200, nothing out of order, no error event, and <c>[DONE]</c> at the end.</param>
internal readonly record struct Exchange(int Status, double FirstContentMicroseconds, double TotalMicroseconds, int ContentEvents, bool Whole);
