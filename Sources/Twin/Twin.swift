// Twin
