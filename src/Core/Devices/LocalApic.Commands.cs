namespace Ember.Core.Devices;

/// <content>The interrupt command register's work.</content>
public partial struct LocalApic
{
    /// <summary>Sends an interrupt command, SDM volume 3, 11.6.1.</summary>
    private void Send(uint command, uint destination)
    {
        InterruptMessage message = new()
        {
            Destination = destination,
            Vector = (byte)command,
            Mode = (DeliveryMode)((command >> 8) & 7),
            Logical = (command & (1 << 11)) != 0,
        };
        uint shorthand = (command >> 18) & 3;
        bool isVectored = message.Mode is DeliveryMode.Fixed or DeliveryMode.LowestPriority;
        if (isVectored && message.Vector < FirstLegalVector)
        {
            RaiseError(SendIllegalVector);
            return;
        }

        // INIT with level de-asserted only ever synchronised arbitration identifiers.
        if (message.Mode == DeliveryMode.Init && (command & 0xC000) == 0x8000)
        {
            return;
        }

        bool toSelf = shorthand is 1 or 2 || (shorthand == 0 && Matches(destination, message.Logical));
        if (toSelf && (isVectored || message.Mode == DeliveryMode.NonMaskable))
        {
            Accept(message);
        }

        // A message of lowest priority has one taker.
        bool onlySelf = shorthand == 1 || (toSelf && message.Mode == DeliveryMode.LowestPriority) || (shorthand == 0 && !message.Logical && destination == _identifier);
        if (!onlySelf || message.Mode is DeliveryMode.Init or DeliveryMode.StartUp)
        {
            message.Destination = shorthand == 0 ? destination : uint.MaxValue;
            message.Logical &= shorthand == 0;
            _outgoing = message;
            _hasOutgoing = true;
        }
    }
}
