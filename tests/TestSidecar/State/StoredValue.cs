namespace TestSidecar.State;

/// <summary>A value as a store has it.</summary>
/// <param name="Data">The bytes.</param>
/// <param name="ETag">Its version.</param>
internal sealed record StoredValue(byte[] Data, string ETag);
