namespace Gateway.Admission.Directory;

/// <summary>One value of a key.</summary>
/// <param name="Hash">HMAC-SHA256 of the value under the deployment's key-hashing secret: 32 bytes.</param>
/// <param name="Until">When this value is refused from, because the key was rotated; null: as long as the key itself.</param>
internal sealed record KeyHash(byte[] Hash, DateTimeOffset? Until = null);
