namespace GatewayApi.Hosting;

/// <summary>The gateway can't start, for a reason that lies outside it; the message is for whoever starts it.</summary>
internal class StartException(string message, Exception? inner = null) : Exception(message, inner);
