using Gateway.Errors;

namespace Gateway.Surfaces;

/// <summary>Judges model names that came in a path; dialects judge those in a body.</summary>
internal static class PathModel
{
    /// <summary>Longest name accepted, in characters.</summary>
    public const int MaxLength = 256;

    /// <summary>What is wrong with a name, or null.</summary>
    public static GatewayError? Check(string model)
    {
        if (model.Length == 0)
            return Invalid("The path names no model.");
        if (model.Length > MaxLength)
            return Invalid($"The model's name is longer than {MaxLength} characters.");
        foreach (var c in model)
        {
            // The name goes into headers, logs and addresses.
            if (char.IsControl(c) || char.IsSurrogate(c))
                return Invalid("The model's name contains a character that no model name has.");
        }

        return null;
    }

    private static GatewayError Invalid(string message) => new(ErrorKinds.InvalidParameter, message) { Param = "model" };
}
