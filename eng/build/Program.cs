using MlnetClip.Build;

return Commands.Run(args);
